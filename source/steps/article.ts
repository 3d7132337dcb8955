/** The tutorial that people follow, and its video. The article does not say at which minute of the video a step is. */
export const articleUrl = 'https://github.com/miztiik/AWS-Demos/tree/master/How-To/setup-custom-kms';
export const videoUrl = 'https://youtu.be/VIWMezx8XiQ';
