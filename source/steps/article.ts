/** The tutorial that people follow, and the video that shows it. The article gives both addresses, and no times. */
export const articleUrl = 'https://github.com/miztiik/AWS-Demos/tree/master/How-To/setup-custom-kms';
export const videoUrl = 'https://youtu.be/VIWMezx8XiQ';
